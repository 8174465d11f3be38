"""Tests of SMART App Launch."""
