#include "bench/alternatives.hpp"

#include "bench/rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <libpq-fe.h>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace ordersync::bench {
namespace {

constexpr std::size_t enough_text = 256 * 1024;  // as the store hands it over

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

using parameters = std::vector<std::optional<std::string>>;

// A row in COPY's text form, taken apart again.
parameters parameters_of(std::string_view row) {
  parameters out(1, std::string{});
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\t') {
      out.emplace_back(std::string{});
    } else if (row[i] != '\\') {
      out.back()->push_back(row[i]);
    } else if (row[++i] == 'N') {
      out.back().reset();
    } else {
      out.back()->push_back(row[i] == 't' ? '\t' : row[i] == 'n' ? '\n' : row[i] == 'r' ? '\r' : row[i]);
    }
  }
  return out;
}

template <class Use>
void for_each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    use(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

void copy(store::pg::connection& db, const order_table& its, const std::vector<core::order>& orders) {
  store::values::copy_text text;
  db.begin_copy("plain copy", fmt::format("COPY ordersync.{} ({}) FROM STDIN", its.name, fmt::join(its.columns, ", ")));
  for (const auto& order : orders) {
    its.write(text, order);
    if (text.text().size() < enough_text) continue;
    db.put_copy(text.text());
    text.clear();
  }
  db.put_copy(text.text());
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
  void upsert_row(std::size_t table, std::string_view row) {
    const auto values = parameters_of(row);
    pointers_.clear();
    for (const auto& value : values) pointers_.push_back(value ? value->c_str() : nullptr);
    const auto count = static_cast<int>(pointers_.size());
    const auto* statement = statements_[table].c_str();
    check(kind_ == statements::prepared
              ? PQexecPrepared(handle_.get(), statement, count, pointers_.data(), nullptr, nullptr, 0)
              : PQexecParams(handle_.get(), statement, count, nullptr, pointers_.data(), nullptr, nullptr, 0));
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
  std::vector<const char*> pointers_;
};

row_by_row::row_by_row(const std::string& url, statements kind) : session_{std::make_unique<session>(url, kind)} {}
row_by_row::~row_by_row() = default;

void row_by_row::write(const std::vector<core::order>& orders) {
  session_->exec("BEGIN");
  for (const auto& order : orders) {
    for (std::size_t table = 0; table < order_tables().size(); ++table) {
      store::values::copy_text text;
      order_tables()[table].write(text, order);
      for_each_line(text.text(), [&](std::string_view row) { session_->upsert_row(table, row); });
    }
  }
  session_->exec("COMMIT");
}

}  // namespace ordersync::bench
