"""Tests of the Spark engine, on real clusters."""
