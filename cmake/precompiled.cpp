// Nothing: what the precompiled headers of cmake/precompiled.cmake are compiled for.
