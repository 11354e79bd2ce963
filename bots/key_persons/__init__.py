"""Key persons: journeys and contacts declared, the register, the regions, contact and release."""
