#include "pandapon/json/json_slices.hpp"

#include "pandapon/text/byte_block.hpp"
#include "pandapon/text/plain_run.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <utility>

namespace ordersync::pandapon::json {
namespace {

constexpr auto npos = std::string_view::npos;

std::size_t skip_space(std::string_view json, std::size_t i) {
  while (i < json.size() && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) ++i;
  return i;
}

// From the opening quote to one past the closing one.
std::size_t end_of_string(std::string_view json, std::size_t i) {
  for (i = text::end_of_plain(json, i + 1); i < json.size(); i = text::end_of_plain(json, i)) {
    if (json[i] == '"') return i + 1;
    i += json[i] == '\\' ? 2 : 1;
  }
  return npos;
}

// The brackets of one container as they open and close.
class nesting {
 public:
  // Whether it goes on after the next bracket.
  enum class state { open, closed, mismatched };
  state take(char bracket) {
    if (bracket == '{' || bracket == '[') {
      due_ += bracket == '{' ? '}' : ']';
      return state::open;
    }
    if (due_.back() != bracket) return state::mismatched;
    due_.pop_back();
    return due_.empty() ? state::closed : state::open;
  }

 private:
  std::string due_;  // the closing brackets
};

std::size_t end_of_container_by_bytes(std::string_view json, std::size_t i) {
  nesting brackets;
  while (i < json.size()) {
    const char c = json[i++];
    if (c == '"') {
      i = end_of_string(json, i - 1);
    } else if (c == '{' || c == '[' || c == '}' || c == ']') {
      const auto now = brackets.take(c);
      if (now != nesting::state::open) return now == nesting::state::closed ? i : npos;
    }
  }
  return npos;
}

// What strings and escapes are in a text that is looked at block by block from outside a string on.
class string_scanner {
 public:
  struct masks {
    std::uint64_t in_string = 0;  // from the opening quote up to before the closing one
    bool stray_backslash = false;
  };
  masks next(const text::byte_block& block) {
    const auto backslashes = block.equal('\\');
    const auto quotes = block.equal('"') & ~escaped(backslashes);
    const auto in_string = text::parity_up_to(quotes) ^ before_;
    before_ = (in_string >> 63U) != 0 ? ~std::uint64_t{0} : 0;
    return {in_string, (backslashes & ~in_string) != 0};
  }

 private:
  // Those that a backslash stands before which is not escaped itself. A run of backslashes that begins at an odd place
  // ends, by a carry of the addition, in a bit of the other parity than one that begins at an even place.
  std::uint64_t escaped(std::uint64_t backslashes) {
    if (backslashes == 0) return std::exchange(carried_, 0);
    constexpr std::uint64_t even = 0x5555555555555555U;
    backslashes &= ~carried_;
    const auto follows = backslashes << 1U | carried_;
    const auto odd_starts = backslashes & ~even & ~follows;
    const auto even_sequences = odd_starts + backslashes;
    carried_ = even_sequences < backslashes ? 1 : 0;
    return (even ^ (even_sequences << 1U)) & follows;
  }

  std::uint64_t before_ = 0;   // all bits: the block begins within a string
  std::uint64_t carried_ = 0;  // 1: its first byte is escaped
};

std::size_t end_of_container(std::string_view json, std::size_t begin) {
  nesting brackets;
  string_scanner strings;
  for (auto i = begin; i < json.size(); i += text::byte_block::size) {
    const text::byte_block block(json, i);
    const auto found = strings.next(block);
    // It escapes nothing there, and the masks took it for an escape. It is no JSON: where it ends matters to its
    // neighbours alone.
    if (found.stray_backslash) return end_of_container_by_bytes(json, begin);
    constexpr char braces = '{' ^ '[';
    auto left = (block.equal_with('{', braces) | block.equal_with('}', braces)) & ~found.in_string;
    for (; left != 0; left &= left - 1) {
      const auto at = i + static_cast<std::size_t>(std::countr_zero(left));
      const auto now = brackets.take(json[at]);
      if (now != nesting::state::open) return now == nesting::state::closed ? at + 1 : npos;
    }
  }
  return npos;
}

class cutter {
 public:
  explicit cutter(std::string_view json) : json_(json) {}

  std::optional<std::vector<json_slice>> cut(char begin, char end) {
    std::vector<json_slice> slices;
    if (!take(begin)) return std::nullopt;
    if (!take(end)) {
      do {
        auto slice = one(begin == '{');
        if (slice.value.empty()) return std::nullopt;
        slices.push_back(std::move(slice));
      } while (take(','));
      if (!take(end)) return std::nullopt;
    }
    if (skip_space(json_, at_) != json_.size()) return std::nullopt;
    return slices;
  }

 private:
  bool take(char c) {
    at_ = skip_space(json_, at_);
    if (at_ >= json_.size() || json_[at_] != c) return false;
    ++at_;
    return true;
  }

  // An empty value says that there is none.
  json_slice one(bool member) {
    json_slice slice;
    if (member) {
      at_ = skip_space(json_, at_);
      if (at_ >= json_.size() || json_[at_] != '"') return {};
      const auto key_end = end_of_string(json_, at_);
      if (key_end == npos) return {};
      slice.key = json_.substr(at_ + 1, key_end - at_ - 2);
      at_ = key_end;
      if (!take(':')) return {};
    }
    at_ = skip_space(json_, at_);
    const auto begin = at_;
    if (member) slice.objects = cut_objects();
    if (slice.objects.empty()) at_ = end_of_json(json_, begin);
    if (at_ == npos) return {};
    slice.value = json_.substr(begin, at_ - begin);
    return slice;
  }

  // Empty where the value is no list, or one of other things.
  std::vector<std::string_view> cut_objects() {
    std::vector<std::string_view> objects;
    if (!take('[')) return objects;
    do {
      at_ = skip_space(json_, at_);
      const bool object = at_ < json_.size() && json_[at_] == '{';
      const auto end = object ? end_of_json(json_, at_) : npos;
      if (end == npos) return {};
      objects.push_back(json_.substr(at_, end - at_));
      at_ = end;
    } while (take(','));
    if (!take(']')) objects.clear();
    return objects;
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t end_of_json(std::string_view json, std::size_t from) {
  if (from >= json.size()) return npos;
  if (json[from] == '"') return end_of_string(json, from);
  if (json[from] == '{' || json[from] == '[') return end_of_container(json, from);
  const auto end = json.find_first_of(",]} \n\r\t", from);
  return end == npos ? json.size() : end;
}

std::optional<std::vector<json_slice>> slice_object(std::string_view json) {
  return cutter(json).cut('{', '}');
}

std::optional<std::vector<json_slice>> slice_array(std::string_view json) {
  return cutter(json).cut('[', ']');
}

}  // namespace ordersync::pandapon::json
