"""Orders findings into a diagnosis: verdict, root causes, consequences, hops."""
