"""Reads the public test files of other projects and compares what comes out with what another reader says."""
