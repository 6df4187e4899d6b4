"""Parents and carers: joining, prompts, the weekly digest, leaving."""
