//! Bills of materials: CycloneDX and SPDX, written from an inventory.
