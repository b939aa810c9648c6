//! Statements that a product is, or is not, affected by a vulnerability: OpenVEX and CycloneDX VEX.
