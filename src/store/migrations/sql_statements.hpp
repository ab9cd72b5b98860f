#pragma once
// Cuts a script into its statements, as psql does: at each semicolon that is outside of texts, quoted names, comments,
// parentheses, dollar quotes and BEGIN ATOMIC ... END bodies of functions. Pure.
//
// Hazards: knows the SQL of our migrations, with standard_conforming_strings on; not COPY ... FROM STDIN and no
// commands of psql.

#include <string_view>
#include <vector>

namespace ordersync::store::migrations {

// Without their semicolons; comments stay where they are, a script's end of comments alone is no statement. The views
// are of `script`.
std::vector<std::string_view> sql_statements(std::string_view script);

}  // namespace ordersync::store::migrations
