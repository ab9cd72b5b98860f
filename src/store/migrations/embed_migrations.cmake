# cmake -D OUTPUT=file.cpp -D "FILES=a.sql;b.sql" -P embed_migrations.cmake
# Writes the C++ file that holds the migrations: version and name from the file's name, the text, and its SHA-256.
set(entries "")
set(expected 1)
foreach(file ${FILES})
  get_filename_component(stem ${file} NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql")
  endif()
  set(number ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" version ${number})
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "${file}: migrations are numbered without holes; ${expected} is missing")
  endif()
  math(EXPR expected "${expected} + 1")
  file(SHA256 ${file} checksum)
  file(READ ${file} sql)
  string(APPEND entries "      {${version}, \"${name}\", \"${checksum}\", R\"migration(${sql})migration\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from migrations/ by src/store/migrations/embed_migrations.cmake.
#include \"store/migrations/migrator.hpp\"

namespace ordersync::store::migrations {

const std::vector<migration>& migrations() {
  static const std::vector<migration> all{
${entries}  };
  return all;
}

}  // namespace ordersync::store::migrations
")
