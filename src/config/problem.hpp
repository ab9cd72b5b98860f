#pragma once
// What is wrong with a configuration, and where. Loading gathers all of them, so that one round of editing is enough.
// Texts never quote a value that could be a secret or part of one.

#include <boost/system/result.hpp>

#include <compare>
#include <string>
#include <tuple>
#include <vector>

namespace ordersync::config {

// 1-based, columns in characters; line 0: the source as a whole. In the order of the sources, then of the text.
struct location {
  int line = 0;
  int column = 0;
  int source = 0;  // index of the file or environment variable, see settings::origins
  friend bool operator==(const location&, const location&) = default;
  friend auto operator<=>(const location& a, const location& b) noexcept {
    return std::tie(a.source, a.line, a.column) <=> std::tie(b.source, b.line, b.column);
  }
};

struct problem {
  std::string file;  // as given on the command line, or "environment variable ORDERSYNC_..."
  location at;
  std::string text;  // what is wrong and what to do
};

// "ordersync.yaml:12:5: sync.live.every: ...".
std::string to_text(const problem& p);

// All of them, a line each.
std::string to_text(const std::vector<problem>& problems);

// Either the thing or every reason why not (at least one).
template <class T>
using checked = boost::system::result<T, std::vector<problem>>;

// Found by boost::system::result when value() is asked of a failed result: asking was the defect.
[[noreturn]] void throw_exception_from_error(const std::vector<problem>& problems, const boost::source_location& where);

}  // namespace ordersync::config
