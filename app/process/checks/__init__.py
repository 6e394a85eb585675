"""What a diagram may say: a white list of what the engine truly executes, and checks of sense."""
