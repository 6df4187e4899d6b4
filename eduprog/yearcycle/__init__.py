"""What ripples through all features: closures and snow days."""
