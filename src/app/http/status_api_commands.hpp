#pragma once
// What may be ordered over the status page, and by whom. Pure.

#include "config/secret.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "service/http_server.hpp"
#include "store/jobs/jobs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::http {

// The admin token as it is kept to compare with: its SHA-256.
class admin_token {
 public:
  explicit admin_token(std::string_view token);
  // Takes as long whatever the answer: digests are compared, and all of them.
  bool matches(std::string_view offered) const;

 private:
  core::sha256 digest_{};
};

// An answer that says in JSON what is wrong and what to do.
service::http_answer refusal(unsigned status, std::string_view what, std::string_view cure);

// Why the request may order nothing; none: it may. A token is asked of everybody, so what a browser sends along by
// itself orders nothing; a foreign Origin is refused before the token is looked at.
std::optional<service::http_answer> objection(const service::http_request& request,
                                              const std::optional<admin_token>& token);

struct backfill_order {
  std::vector<std::string> accounts;
  core::window range;
};

// {"account": "main", "from": "2024-05-01", "to": "..."}; without account: all that are configured. failure::input with
// words for people.
core::result<backfill_order> read_backfill_order(std::string_view body, const config::settings& settings);

// {"number": "..."}: an order's. failure::input with words for people.
core::result<std::string> read_order_number(std::string_view body);

struct job_order {
  std::int64_t id = 0;
  store::jobs::job_action action{};
};

// "/api/backfills/7/pause".
std::optional<job_order> read_job_order(std::string_view path) noexcept;

}  // namespace ordersync::app::http
