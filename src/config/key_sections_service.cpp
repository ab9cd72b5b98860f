// What the daemon keeps, receives and shows.

#include "config/key_sections.hpp"
#include "config/places.hpp"

namespace ordersync::config {
namespace {

using places::at;

}  // namespace

std::vector<key> retention_keys() {
  return {
      {.path = "retention", .help = "How long personal data is kept. The orders themselves stay."},
      {.path = "retention.personal_data",
       .type = kind::duration,
       .least = "1d",
       .most = "36500d",
       .help =
           "Age of an order at which its receiver, warehouse address, payload and quarantined texts are erased; they "
           "are not stored again. Default: never.",
       .at = at<&settings::retention, &retention_settings::personal_data>},
      {.path = "retention.payloads",
       .type = kind::duration,
       .least = "1d",
       .most = "36500d",
       .help = "The same for order_payloads only. Erased payloads cannot be replayed. Default: never.",
       .at = at<&settings::retention, &retention_settings::payloads>},
  };
}

std::vector<key> push_keys() {
  return {
      {.path = "push", .help = "The vendor's push messages. Each is a hint to read an order again at once."},
      {.path = "push.listen",
       .type = kind::listen_address,
       .help = "Address at which the messages arrive over plain HTTP: use a private one and put a TLS proxy in front "
               "of it. "
               "Not the address of service.listen. Default: messages are not accepted.",
       .at = at<&settings::push, &push_settings::listen>},
      {.path = "push.path",
       .type = kind::url_path,
       .fallback = "/push",
       .help = "Path of the address that the vendor sends them to.",
       .at = at<&settings::push, &push_settings::path>},
  };
}

std::vector<key> service_keys() {
  return {
      {.path = "service", .help = "The HTTP endpoint: status page, metrics and health."},
      {.path = "service.listen",
       .type = kind::listen_address,
       .fallback = "127.0.0.1:9188",
       .help = "Address of the status page, /metrics, /healthz and /readyz. They need no authentication: use a private "
               "address.",
       .at = at<&settings::service, &service_settings::listen>},
      {.path = "service.admin_token_file",
       .type = kind::secret_file,
       .help = "File with a token of at least 16 characters, or the name of a systemd credential. It allows starting, "
               "pausing and cancelling backfills on the status page. Default: the page is read-only.",
       .at = at<&settings::service, &service_settings::admin_token>},
      {.path = "service.admin_token", .type = kind::inline_secret, .help = "admin_token_file"},
  };
}

std::vector<key> log_keys() {
  return {
      {.path = "log", .help = "Logs go to stderr."},
      {.path = "log.level",
       .type = kind::choice,
       .fallback = "info",
       .choices = {{"trace", log_level::trace},
                   {"debug", log_level::debug},
                   {"info", log_level::info},
                   {"warning", log_level::warning},
                   {"error", log_level::error}},
       .help = "The least severe level that is logged.",
       .at = at<&settings::log, &log_settings::level>},
      {.path = "log.format",
       .type = kind::choice,
       .fallback = "text",
       .choices = {{"text", log_format::text}, {"json", log_format::json}},
       .help = "One line of text per event for people, or one JSON object per line for machines.",
       .at = at<&settings::log, &log_settings::format>},
  };
}

}  // namespace ordersync::config
