"""People, what they are in which school, invitations and signing in."""
