#include "store/values/copy_binary.hpp"

#include <type_traits>

namespace ordersync::store::values {
namespace {

// Signature, no flags, no extension.
constexpr std::string_view header{"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19};

}  // namespace

copy_binary::copy_binary() : bytes_{header} {}

template <class T>
void copy_binary::put(T number) {
  const auto bits = static_cast<std::make_unsigned_t<T>>(number);
  for (int shift = 8 * (static_cast<int>(sizeof bits) - 1); shift >= 0; shift -= 8)
    bytes_.push_back(static_cast<char>(static_cast<unsigned char>(bits >> static_cast<unsigned>(shift))));
}

void copy_binary::begin_row(std::int16_t columns) {
  put(columns);
}

void copy_binary::null() {
  put(std::int32_t{-1});
}

void copy_binary::add(std::int64_t bigint) {
  put(std::int32_t{sizeof bigint});
  put(bigint);
}

void copy_binary::add(std::string_view text) {
  put(static_cast<std::int32_t>(text.size()));
  bytes_ += text;
}

void copy_binary::add(std::span<const unsigned char> bytea) {
  put(static_cast<std::int32_t>(bytea.size()));
  for (const auto byte : bytea) bytes_.push_back(static_cast<char>(byte));
}

void copy_binary::end() {
  put(std::int16_t{-1});
}

}  // namespace ordersync::store::values
