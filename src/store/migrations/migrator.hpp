#pragma once
// The schema's numbered steps, and which of them a database has. The SQL files of migrations/ are built into the
// program; store::database applies them.
//
// Each is applied once, in a transaction of its own, under an advisory lock, and recorded with its checksum in
// ordersync.schema_migrations. An applied step whose text changed since is refused, and so is a database that is newer
// than the program.

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::migrations {

// One step as the program carries it. The views live as long as the program.
struct migration {
  int version = 0;            // 1, 2, 3, ... without holes
  std::string_view name;      // "mirror"
  std::string_view checksum;  // SHA-256 of the file, 64 lower-case hex digits
  std::string_view sql;
};

// Ascending by version.
const std::vector<migration>& migrations();

// One step beside what the database says of it.
struct migration_state {
  int version = 0;
  std::string name;
  std::optional<core::instant> applied_at;  // no value: pending

  friend bool operator==(const migration_state&, const migration_state&) = default;
};

}  // namespace ordersync::store::migrations
