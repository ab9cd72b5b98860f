// Whom to alert when the mirror needs somebody.

#include "config/key_sections.hpp"
#include "config/places.hpp"

namespace ordersync::config {
namespace {

using places::in_alert;

std::vector<alert_kind> one_of(alert_kind kind) {
  return {kind};
}

}  // namespace

std::vector<key> alert_keys() {
  return {
      {.path = "alerts",
       .type = kind::objects,
       .fallback = "[]",
       .help =
           "Webhooks that get a message when `ordersync status` reports a problem for longer than a while, and when "
           "it is over. `ordersync alerts test` tries them.",
       .at = places::alerts},
      {.path = "alerts[].webhook_file",
       .type = kind::secret_file,
       .required = true,
       .help =
           "File with the webhook's https URL, or the name of a systemd credential. Whoever knows the URL can write "
           "there.",
       .at = in_alert<&alert::webhook>},
      {.path = "alerts[].webhook", .type = kind::inline_secret, .help = "webhook_file"},
      {.path = "alerts[].format",
       .type = kind::choice,
       .fallback = "json",
       .choices = {{"json", alert_format::json},
                   {"slack", alert_format::slack},
                   {"dingtalk", alert_format::dingtalk},
                   {"wecom", alert_format::wecom},
                   {"feishu", alert_format::feishu}},
       .help = "What the receiver understands; json is for programs.",
       .at = in_alert<&alert::format>},
      {.path = "alerts[].on",
       .type = kind::choices,
       .fallback = "[gap, behind, refused, database, silent, recovered]",
       .choices = {{"gap", one_of(alert_kind::gap)},
                   {"behind", one_of(alert_kind::behind)},
                   {"refused", one_of(alert_kind::refused)},
                   {"database", one_of(alert_kind::database)},
                   {"silent", one_of(alert_kind::silent)},
                   {"recovered", one_of(alert_kind::recovered)}},
       .help = "What is reported: the mirror is incomplete or in doubt; new orders arrive late; the API refuses the "
               "credentials; the database is away, full or read-only; nothing is read; one of these is over.",
       .at = in_alert<&alert::on>},
      {.path = "alerts[].settle",
       .type = kind::duration,
       .fallback = "2m",
       .least = "0s",
       .most = "1d",
       .help = "How long a problem, or its end, lasts before it is reported.",
       .at = in_alert<&alert::settle>},
      {.path = "alerts[].secret_file",
       .type = kind::secret_file,
       .help = "File with the secret of a robot of dingtalk or feishu that checks signatures.",
       .at = in_alert<&alert::signing>},
      {.path = "alerts[].secret", .type = kind::inline_secret, .help = "secret_file"},
      {.path = "alerts[].ca_file",
       .type = kind::file,
       .help = "PEM file with certificate authorities to trust, in addition to the system's.",
       .at = in_alert<&alert::ca_file>},
  };
}

}  // namespace ordersync::config
