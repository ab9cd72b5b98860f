#include "store/payloads/dictionary.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ordersync::store::payloads {
namespace {

// Every reader of payloads loads them all.
constexpr std::size_t most_shapes = 256;
constexpr std::size_t most_bytes = 128UL * 1024;
constexpr std::size_t longest_shape = 8UL * 1024;
constexpr std::size_t shortest_shape = 16;  // below, the number saves nothing
// So many come as they are seen, however rare they are: a mirror of few orders never sees one twice at a time.
constexpr std::size_t first_shapes = 64;

// PostgreSQL compresses a row only if it is longer than 2 kB; blanks compress to nothing.
constexpr std::size_t compressed_from = 2'000;

constexpr std::string_view hole = "%s";

// Reads "%4$s" at the beginning of `shape`, and moves behind it; 0: there is none.
std::size_t take_number(std::string_view& shape) {
  std::size_t number = 0;
  if (!shape.starts_with('%')) return 0;
  const auto* const end = shape.data() + shape.size();
  const auto read = std::from_chars(shape.data() + 1, end, number);
  const auto rest = std::string_view{read.ptr, static_cast<std::size_t>(end - read.ptr)};
  if (read.ec != std::errc{} || !rest.starts_with("$s")) return 0;
  shape = rest.substr(2);
  return number;
}

// Moves `text` behind `part`, which it must begin with.
bool take(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

// The same with a shape and the values that it takes, each up to a line break.
bool take(std::string_view& text, std::string_view shape, std::string_view& values) {
  for (auto at = shape.find('%'); at != std::string_view::npos; at = shape.find('%')) {
    const auto end = values.find('\n');
    if (end == std::string_view::npos || shape.substr(at, hole.size()) != hole) return false;
    if (!take(text, shape.substr(0, at)) || !take(text, values.substr(0, end))) return false;
    shape.remove_prefix(at + hole.size());
    values.remove_prefix(end + 1);
  }
  return take(text, shape);
}

}  // namespace

dictionary::dictionary(std::vector<std::string> shapes) {
  shapes_.reserve(shapes.size());
  for (auto& shape : shapes) add(std::move(shape));
}

void dictionary::add(std::string shape) {
  bytes_ += shape.size();
  numbers_.emplace(shape, shapes_.size() + 1);
  shapes_.push_back(std::move(shape));
}

bool dictionary::is_full() const {
  return shapes_.size() >= most_shapes || bytes_ + shortest_shape > most_bytes;
}

dictionary::by_text<std::size_t> dictionary::count_unknown(const std::vector<std::string_view>& payloads) {
  by_text<std::size_t> counts;
  for (const auto payload : payloads) {
    if (!split(payload, split_)) continue;
    for (std::size_t i = 0; i < split_.count(); ++i) {
      const auto shape = split_.shape_of(i);
      const bool useful = shape.size() >= shortest_shape && shape.size() <= longest_shape;
      if (useful && !numbers_.contains(shape)) ++counts[std::string{shape}];
    }
  }
  return counts;
}

std::vector<std::string> dictionary::learn(const std::vector<std::string_view>& payloads) {
  std::vector<std::string> learnt;
  if (is_full()) return learnt;
  const auto counts = count_unknown(payloads);
  std::vector<std::pair<std::string, std::size_t>> found(counts.begin(), counts.end());
  std::ranges::sort(found, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  for (auto& [shape, count] : found) {
    if (is_full() || (count < 2 && shapes_.size() >= first_shapes)) break;
    if (bytes_ + shape.size() > most_bytes) continue;
    learnt.push_back(shape);
    add(std::move(shape));
  }
  return learnt;
}

// False if that is not worth it.
bool dictionary::encode() {
  shape_.clear();
  body_.clear();
  bool as_it_is = false;  // the piece before
  for (std::size_t i = 0; i < split_.count(); ++i) {
    const auto known = numbers_.find(split_.shape_of(i));
    if (known != numbers_.end()) {
      shape_.append("%").append(std::to_string(known->second)).append("$s");
      for (const auto value : split_.values_of(i)) body_.append(value) += '\n';
    } else {
      if (as_it_is)
        body_.pop_back();
      else
        shape_ += "%1$s";
      body_.append(split_.text_of(i)) += '\n';
    }
    as_it_is = known == numbers_.end();
  }
  return shape_.size() + body_.size() < split_.payload.size();
}

// Goes the way of the database, to be sure of every byte.
bool dictionary::makes(std::string_view payload) const {
  std::string_view shape{shape_}, values{body_};
  while (!shape.empty()) {
    const auto number = take_number(shape);
    if (number == 0 || number > shapes_.size() || !take(payload, shapes_[number - 1], values)) return false;
  }
  return payload.empty();
}

packed_payload dictionary::pack(std::string_view payload) {
  const bool usable = !shapes_.empty() && shapes_.front() == hole;
  if (!usable || !split(payload, split_) || !encode() || !makes(payload)) return {std::nullopt, payload};
  if (body_.size() < compressed_from) body_.resize(compressed_from, ' ');
  return {shape_, body_};
}

}  // namespace ordersync::store::payloads
