#include "store/migrations/suitable_database.hpp"

#include "store/migrations/distribution.hpp"
#include "store/pg/precondition_failed.hpp"

#include <fmt/format.h>

#include <string>

namespace ordersync::store::migrations {

void require_suitable_database(pg::connection& db) {
  const auto r = db.exec("look at the database",
                         "SELECT pg_encoding_to_char(encoding), datname, current_user, "
                         "has_database_privilege(oid, 'CREATE'), to_regnamespace('ordersync') IS NULL OR "
                         "to_regnamespace('reporting') IS NULL, has_database_privilege(oid, 'TEMPORARY') "
                         "FROM pg_database WHERE datname = current_database()");
  require_no_worker(db);
  const std::string encoding{r.text(0, 0)};
  const std::string database{r.text(0, 1)};
  const std::string role{r.text(0, 2)};
  if (encoding != "UTF8")
    pg::refuse(core::failure::database,
               fmt::format("database {} has encoding {}, which cannot store every character; create it again: createdb "
                           "--encoding UTF8 --template template0",
                           database, encoding));
  const bool lacks_schema = r.flag(0, 4);
  if (lacks_schema && !r.flag(0, 3))
    pg::refuse(
        core::failure::database,
        fmt::format("role {1} may not create a schema in {0}; an administrator can allow it: GRANT CREATE ON DATABASE "
                    "{0} TO {1}, or make the role the owner",
                    database, role));
  if (!r.flag(0, 5))
    pg::refuse(
        core::failure::database,
        fmt::format("role {1} may not create temporary tables in {0}, which ordersync needs; an administrator can "
                    "allow it: GRANT TEMPORARY ON DATABASE {0} TO {1}",
                    database, role));
}

}  // namespace ordersync::store::migrations
