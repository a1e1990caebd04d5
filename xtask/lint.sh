#!/bin/sh
# Compiles one crate of the workspace for `cargo xtask test`: RUSTC_WORKSPACE_WRAPPER, called with the compiler and its arguments.
# A crate's tests are compiled with all its code, so Clippy looks at those (and at build scripts) and not at the same code twice.
case " $* " in
*" --test "* | *" --crate-name build_script_"*) exec clippy-driver "$@" ;;
*) exec "$@" -Dwarnings ;;
esac
