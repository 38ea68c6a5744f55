"""Taxonomies as data: read, written, compared and checked; plain functions of trees and records."""
