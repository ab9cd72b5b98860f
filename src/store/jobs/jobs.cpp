#include "store/jobs/jobs.hpp"

#include <array>

namespace ordersync::store::jobs {
namespace {

// In the order of the enumeration.
constexpr std::array names{"queued", "running", "paused", "cancelled", "done", "incomplete", "failed"};

}  // namespace

const char* name(job_state state) noexcept {
  return names[static_cast<std::size_t>(state)];
}

std::optional<job_state> job_state_from(std::string_view name) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<job_state>(i);
  }
  return std::nullopt;
}

bool is_open(job_state state) noexcept {
  return state == job_state::queued || state == job_state::running || state == job_state::paused;
}

}  // namespace ordersync::store::jobs
