#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace ordersync::store::values {
namespace {

unsigned hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  throw std::logic_error("a column is no bytea in hexadecimal");
}

}  // namespace

std::string range_literal(const core::window& w) {
  const auto bound = [](core::second t, core::second none) { return t == none ? std::string{} : core::to_text(t); };
  return fmt::format("[{},{})", bound(w.begin, core::second::min()), bound(w.end, core::second::max()));
}

std::string epoch_ms(const std::string& expression) {
  return fmt::format("(extract(epoch FROM {}) * 1000)::bigint", expression);
}

core::instant read_instant(const pg::rows& r, int row, int column) {
  return core::instant{std::chrono::milliseconds{r.integer(row, column)}};
}

std::optional<core::instant> read_optional_instant(const pg::rows& r, int row, int column) {
  if (r.is_null(row, column)) return std::nullopt;
  return read_instant(r, row, column);
}

std::string range_bounds(const std::string& expression) {
  return fmt::format("extract(epoch FROM lower({0}))::bigint, extract(epoch FROM upper({0}))::bigint", expression);
}

core::window read_window(const pg::rows& r, int row, int first_column) {
  const auto bound = [&](int column, core::second none) {
    return r.is_null(row, column) ? none : core::second{std::chrono::seconds{r.integer(row, column)}};
  };
  return {bound(first_column, core::second::min()), bound(first_column + 1, core::second::max())};
}

std::vector<core::window> read_windows(const pg::rows& r) {
  std::vector<core::window> all;
  for (int row = 0; row < r.size(); ++row) all.push_back(read_window(r, row, 0));
  return all;
}

core::text read_text(const pg::rows& r, int row, int column) {
  if (r.is_null(row, column)) return std::nullopt;
  return std::string{r.text(row, column)};
}

core::integer read_number(const pg::rows& r, int row, int column) {
  if (r.is_null(row, column)) return std::nullopt;
  return r.integer(row, column);
}

core::sha256 read_sha256(const pg::rows& r, int row, int column) {
  const auto hex = r.text(row, column);  // "\x" and two digits a byte
  core::sha256 bytes{};
  if (hex.size() != 2 + 2 * bytes.size()) throw std::logic_error("a column is no SHA-256");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<unsigned char>(hex_value(hex[2 + 2 * i]) << 4U | hex_value(hex[3 + 2 * i]));
  }
  return bytes;
}

}  // namespace ordersync::store::values
