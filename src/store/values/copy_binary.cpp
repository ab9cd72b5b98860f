#include "store/values/copy_binary.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <type_traits>

namespace ordersync::store::values {
namespace {

// Signature, no flags, no extension.
constexpr std::string_view header{"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19};

// Of pg_type, the same in every PostgreSQL.
constexpr std::int32_t oid_of_text = 25;

constexpr core::instant postgres_epoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

// A numeric is kept in digits to the base 10,000.
constexpr std::size_t digits_a_group = 4;
constexpr std::size_t most_groups = std::numeric_limits<std::int16_t>::max();
constexpr std::uint16_t positive = 0;
constexpr std::uint16_t negative = 0x4000;
constexpr std::uint16_t no_sign = 0x3FFF;

// A row of an order takes a few hundred bytes; what a commit writes takes up to 256 KiB at a time.
constexpr std::size_t first_room = 4096;

// The most significant byte first.
template <class T>
void write_number(T number, char* out) {
  const auto bits = static_cast<std::make_unsigned_t<T>>(number);
  for (std::size_t i = 0; i < sizeof bits; ++i)
    out[i] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * (sizeof bits - 1 - i))));
}

std::size_t groups_of(std::string_view digits) {
  return (digits.size() + digits_a_group - 1) / digits_a_group;
}

struct decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

std::optional<decimal> read_decimal(std::string_view text) {
  const auto all_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  decimal read;
  read.negative = text.starts_with('-');
  if (read.negative) text.remove_prefix(1);
  const auto point = text.find('.');
  read.whole = text.substr(0, point);
  if (point != std::string_view::npos) read.fraction = text.substr(point + 1);
  const bool valid = all_digits(read.whole) && (point == std::string_view::npos || all_digits(read.fraction));
  if (!valid || groups_of(read.whole) + groups_of(read.fraction) > most_groups) return std::nullopt;
  return read;
}

// The first `count` digits, as if more zeros followed them.
std::int16_t group(std::string_view digits, std::size_t count) {
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) value = 10 * value + (i < digits.size() ? digits[i] - '0' : 0);
  return static_cast<std::int16_t>(value);
}

}  // namespace

copy_binary::copy_binary() : bytes_(first_room, '\0') {
  std::copy(header.begin(), header.end(), room(header.size()));
}

char* copy_binary::room(std::size_t bytes) {
  if (bytes_.size() - used_ < bytes) bytes_.resize(2 * (used_ + bytes));
  used_ += bytes;
  return bytes_.data() + (used_ - bytes);
}

template <class T>
void copy_binary::put(T number) {
  write_number(number, room(sizeof number));
}

void copy_binary::put_sized(std::string_view value) {
  constexpr auto length = sizeof(std::int32_t);
  char* const out = room(length + value.size());
  write_number(static_cast<std::int32_t>(value.size()), out);
  std::copy(value.begin(), value.end(), out + length);
}

void copy_binary::begin_row(std::size_t columns) {
  put(static_cast<std::int16_t>(columns));
}

void copy_binary::null() {
  put(std::int32_t{-1});
}

void copy_binary::add(std::int64_t value) {
  put(std::int32_t{sizeof value});
  put(value);
}

void copy_binary::add(int value) {
  put(std::int32_t{sizeof(std::int32_t)});
  put(std::int32_t{value});
}

void copy_binary::add(bool value) {
  put(std::int32_t{1});
  *room(1) = value ? '\1' : '\0';
}

void copy_binary::add(std::string_view value) {
  put_sized(value);
}

void copy_binary::add(core::instant value) {
  add(std::int64_t{std::chrono::microseconds{value - postgres_epoch}.count()});
}

void copy_binary::add(std::span<const unsigned char> value) {
  put_sized({reinterpret_cast<const char*>(value.data()), value.size()});
}

void copy_binary::add(const std::vector<std::string>& value) {
  constexpr std::size_t fixed = 3 * sizeof(std::int32_t);
  constexpr std::size_t dimension = 2 * sizeof(std::int32_t);
  auto size = fixed + (value.empty() ? 0 : dimension);
  for (const auto& one : value) size += sizeof(std::int32_t) + one.size();
  put(static_cast<std::int32_t>(size));
  put(std::int32_t{value.empty() ? 0 : 1});  // dimensions
  put(std::int32_t{0});                      // no element is NULL
  put(oid_of_text);
  if (value.empty()) return;
  put(static_cast<std::int32_t>(value.size()));
  put(std::int32_t{1});  // the first index
  for (const auto& one : value) put_sized(one);
}

// Eight bytes are no integer to PostgreSQL, so none is cut to one that it is not.
void copy_binary::add_integer(std::int64_t value) {
  using limits = std::numeric_limits<std::int32_t>;
  if (value < limits::min() || value > limits::max()) return add(value);
  put(std::int32_t{sizeof(std::int32_t)});
  put(static_cast<std::int32_t>(value));
}

void copy_binary::add_numeric(std::string_view value) {
  const auto number = read_decimal(value);
  auto [minus, whole, fraction] = number.value_or(decimal{});
  const auto groups = groups_of(whole) + groups_of(fraction);
  put(static_cast<std::int32_t>((4 + groups) * sizeof(std::int16_t)));
  put(static_cast<std::int16_t>(groups));
  put(static_cast<std::int16_t>(static_cast<int>(groups_of(whole)) - 1));  // the power of 10,000 of the first group
  put(!number ? no_sign : minus ? negative : positive);
  put(static_cast<std::int16_t>(std::min<std::size_t>(fraction.size(), std::numeric_limits<std::int16_t>::max())));
  while (!whole.empty()) {
    const auto count = (whole.size() - 1) % digits_a_group + 1;
    put(group(whole, count));
    whole.remove_prefix(count);
  }
  for (; !fraction.empty(); fraction.remove_prefix(std::min(fraction.size(), digits_a_group)))
    put(group(fraction, digits_a_group));
}

void copy_binary::add_jsonb(std::string_view value) {
  constexpr char version = 1;
  put(static_cast<std::int32_t>(value.size() + 1));
  *room(1) = version;
  std::copy(value.begin(), value.end(), room(value.size()));
}

void copy_binary::end() {
  put(std::int16_t{-1});
}

}  // namespace ordersync::store::values
