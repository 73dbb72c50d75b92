"""The container: writer, strict reader, verification, signing, trust. Whoever audits PessDesk's bundles reads this
folder alone; the format is described in `docs/bundle-format.md`."""
