#include "bench/alternatives.hpp"

#include "bench/rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <libpq-fe.h>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace ordersync::bench {
namespace {

constexpr std::size_t enough_bytes = 256 * 1024;  // as the store hands it over

std::string upsert(const order_table& its) {
  std::vector<std::string> places, keys, updates;
  for (std::size_t i = 0; i < its.columns.size(); ++i) {
    places.push_back(fmt::format("${}", i + 1));
    if (i < its.key_columns)
      keys.push_back(its.columns[i]);
    else
      updates.push_back(fmt::format("{0} = excluded.{0}", its.columns[i]));
  }
  const auto where = its.key_condition.empty() ? "" : " WHERE " + its.key_condition;
  return fmt::format("INSERT INTO ordersync.{} ({}) VALUES ({}) ON CONFLICT ({}){} DO UPDATE SET {}", its.name,
                     fmt::join(its.columns, ", "), fmt::join(places, ", "), fmt::join(keys, ", "), where,
                     fmt::join(updates, ", "));
}

// The values of a statement, in the binary form.
struct parameters {
  std::vector<const char*> values;
  std::vector<int> sizes;
};

// Cuts rows in COPY's binary form apart again.
class row_cutter {
 public:
  explicit row_cutter(std::string_view rows) : rest_{rows} {}

  bool next(parameters& out) {
    if (rest_.empty()) return false;
    const auto count = static_cast<std::size_t>(number(2));
    out.values.resize(count);
    out.sizes.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto size = number(4);
      out.sizes[i] = std::max(size, 0);
      out.values[i] = size < 0 ? nullptr : rest_.data();
      rest_.remove_prefix(static_cast<std::size_t>(out.sizes[i]));
    }
    return true;
  }

 private:
  std::int32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (const char byte : rest_.substr(0, bytes)) value = value << 8U | static_cast<unsigned char>(byte);
    rest_.remove_prefix(bytes);
    return static_cast<std::int32_t>(value);
  }

  std::string_view rest_;
};

void copy(store::pg::connection& db, const order_table& its, const std::vector<core::order>& orders) {
  store::values::copy_binary rows;
  db.begin_copy("plain copy", fmt::format("COPY ordersync.{} ({}) FROM STDIN (FORMAT binary)", its.name,
                                          fmt::join(its.columns, ", ")));
  for (const auto& order : orders) {
    its.write(rows, order);
    if (rows.bytes().size() < enough_bytes) continue;
    db.put_copy(rows.bytes());
    rows.clear();
  }
  rows.end();
  db.put_copy(rows.bytes());
  db.end_copy();
}

}  // namespace

plain_copy::plain_copy(const std::string& url) : db_{url, "", never_} {}

void plain_copy::write(const std::vector<core::order>& orders) {
  db_.exec("begin", "BEGIN");
  for (const auto& table : order_tables()) copy(db_, table, orders);
  db_.exec("commit", "COMMIT");
}

class row_by_row::session {
 public:
  session(const std::string& url, statements kind) : handle_{PQconnectdb(url.c_str()), PQfinish}, kind_{kind} {
    if (PQstatus(handle_.get()) != CONNECTION_OK) fail();
    exec("SET default_toast_compression = 'lz4'");  // as the store does
    for (const auto& table : order_tables()) {
      statements_.push_back(kind == statements::prepared ? table.name : upsert(table));
      if (kind == statements::prepared)
        check(PQprepare(handle_.get(), table.name.c_str(), upsert(table).c_str(), 0, nullptr));
    }
  }

  void exec(const char* sql) { check(PQexec(handle_.get(), sql)); }
  void upsert_row(std::size_t table, const parameters& row) {
    const auto count = static_cast<int>(row.values.size());
    formats_.assign(row.values.size(), 1);
    const auto* statement = statements_[table].c_str();
    check(kind_ == statements::prepared
              ? PQexecPrepared(handle_.get(), statement, count, row.values.data(), row.sizes.data(), formats_.data(), 0)
              : PQexecParams(handle_.get(), statement, count, nullptr, row.values.data(), row.sizes.data(),
                             formats_.data(), 0));
  }

 private:
  void check(PGresult* result) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> owner{result, PQclear};
    if (PQresultStatus(result) != PGRES_COMMAND_OK) fail();
  }
  [[noreturn]] void fail() const {
    throw std::runtime_error(std::string{"row by row: "} + PQerrorMessage(handle_.get()));
  }

  std::unique_ptr<PGconn, void (*)(PGconn*)> handle_;
  statements kind_;
  std::vector<std::string> statements_;  // by table: a name or SQL
  std::vector<int> formats_;
};

row_by_row::row_by_row(const std::string& url, statements kind) : session_{std::make_unique<session>(url, kind)} {}
row_by_row::~row_by_row() = default;

void row_by_row::write(const std::vector<core::order>& orders) {
  session_->exec("BEGIN");
  parameters row;
  for (const auto& order : orders) {
    for (std::size_t table = 0; table < order_tables().size(); ++table) {
      store::values::copy_binary rows;
      rows.clear();  // of the header
      order_tables()[table].write(rows, order);
      row_cutter cut{rows.bytes()};
      while (cut.next(row)) session_->upsert_row(table, row);
    }
  }
  session_->exec("COMMIT");
}

}  // namespace ordersync::bench
