"""What happens without being asked: jobs plan pushes, the runner ticks, delivery sends."""
