#pragma once
// Which program this is.

#include <string>

namespace ordersync::cli::shared {

// "0.1.0"
std::string version();

// What it was built from, as git names it; "unknown" outside a git tree, "-dirty" at its end where that had changes.
std::string commit();

// "ordersync 0.1.0" on the first line; then the commit it was built from ('unknown' outside a git tree, '-dirty' where
// the tree had changes), how it was built, and the libraries: as compiled against, and as running where that differs
// and the library reports it.
std::string version_text();

}  // namespace ordersync::cli::shared
