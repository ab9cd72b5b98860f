#pragma once
// What a sweep knows of the API, and what its replies add to that. Without evidence, as in tests, nothing is known:
// counts alone prove. Pure. One thread.

#include "sync/evidence/evidence.hpp"
#include "sync/ports.hpp"
#include "sync/sweep/window_reader.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::sync::sweep {

class known_api {
 public:
  // `evidence` outlives it; null: there is none.
  explicit known_api(evidence::evidence* evidence) : evidence_(evidence) {}

  // The rules within what the API allows.
  reading_rules within_limits(reading_rules rules) const;
  // No window may be longer; none: nothing is known.
  std::optional<std::chrono::seconds> longest_window(core::instant now) const;
  // Why a window that was counted and seen in full is not proven; empty: it is. Counts prove only where the API was
  // shown to answer such questions in full.
  std::string doubt(const window_reader& read, core::instant now);

  // A page came, as an answer to what `read` asks for.
  void shown(const window_reader& read, const page& reply, core::instant now);
  // After it: an order outside of the range that was asked for shows that the filter fails.
  void check_filter(const window_reader& read);
  void page_too_large(const window_reader& read, core::instant now);
  // A page was refused for lying too deep, after others of the same read had come.
  void page_too_deep(const window_reader& read, core::instant now);

 private:
  evidence::evidence* evidence_;
};

}  // namespace ordersync::sync::sweep
