#pragma once
// JSON text of an order's state, as order_history keeps it: members are added one by one, in the words of the column
// list. Pure.
//
// Text must be valid UTF-8 without NUL bytes, as core::order's is.

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::orders {

class state_json {
 public:
  state_json() { text_.reserve(usual_size); }

  void open(char bracket);   // { or [
  void close(char bracket);  // } or ]
  void name(std::string_view member);

  void null() { value("null"); }
  void add(std::int64_t number);
  void add(int number) { add(std::int64_t{number}); }
  void add(bool truth) { value(truth ? "true" : "false"); }
  void add(std::string_view text);
  void add(const std::string& text) { add(std::string_view{text}); }
  void add(core::instant time);  // as text
  void add(const std::vector<std::string>& texts);
  template <class T>
  void add(const std::optional<T>& maybe) {
    if (maybe)
      add(*maybe);
    else
      null();
  }
  // Text that is JSON already: a decimal number, an array.
  void add_as_is(const std::optional<std::string>& json) { value(json ? std::string_view{*json} : "null"); }

  std::string_view text() const noexcept { return text_; }
  void clear() noexcept {
    text_.clear();
    first_ = true;
  }

 private:
  static constexpr std::size_t usual_size = 4096;

  void separate();
  void value(std::string_view json);
  void quote(std::string_view text);

  std::string text_;
  bool first_ = true;  // nothing stands before it within its bracket, or behind its name
};

}  // namespace ordersync::store::orders
