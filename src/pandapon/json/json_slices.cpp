#include "pandapon/json/json_slices.hpp"

#include "pandapon/text/plain_run.hpp"

#include <string>

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

std::size_t end_of_container(std::string_view json, std::size_t i) {
  std::string open;  // the closing brackets that are due
  while (i < json.size()) {
    const char c = json[i++];
    switch (c) {
      case '"':
        i = end_of_string(json, i - 1);
        break;
      case '{':
        open += '}';
        break;
      case '[':
        open += ']';
        break;
      case '}':
      case ']':
        if (open.back() != c) return npos;
        open.pop_back();
        if (open.empty()) return i;
        break;
      default:
        break;
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
        slices.push_back(slice);
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
    const auto end = end_of_json(json_, at_);
    if (end == npos) return {};
    slice.value = json_.substr(at_, end - at_);
    at_ = end;
    return slice;
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
