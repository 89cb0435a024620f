"""What `intake doctor` looks at, one module for each thing; every look is on its own and raises nothing a person can mend."""
