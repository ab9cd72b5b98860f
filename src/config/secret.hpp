#pragma once
// A secret in memory: cannot be printed or copied by accident, and overwrites its bytes when it goes.
// Hazard: what reveal() returns is a view; whoever copies it into a std::string has a copy that nobody wipes.

#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::config {

class secret {
 public:
  secret() = default;
  // Takes over the bytes; they are not copied.
  explicit secret(std::vector<char>&& bytes) noexcept : bytes_(std::move(bytes)) {}
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;
  secret(secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  secret& operator=(secret&& other) noexcept;
  ~secret();

  // Valid until this object is moved from, assigned to or destroyed.
  std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  bool empty() const noexcept { return bytes_.empty(); }

  // For "did it change on reload".
  friend bool operator==(const secret&, const secret&) = default;

 private:
  std::vector<char> bytes_;  // not std::string: a short one would leave its bytes behind in the object moved from
};

// No log, exception text or test output ever shows one.
template <class Stream>
Stream& operator<<(Stream&, const secret&) = delete;

// Overwrites the bytes in a way the compiler does not leave out.
void wipe(std::vector<char>& bytes) noexcept;

}  // namespace ordersync::config
