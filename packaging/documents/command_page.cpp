// ordersync(1).

#include "documents.hpp"
#include "roff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>

namespace packaging {
namespace {

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \n");
  if (begin == text.npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \n") - begin + 1));
}

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text.back() == '.' ? text : text + ".";
}

std::string tag_of(const command_option& o) {
  if (o.positional) return italic(o.value.empty() ? o.names.front() : o.value);
  std::string out;
  for (const auto& name : o.names) out += (out.empty() ? "" : ", ") + bold(name);
  return o.value.empty() ? out : out + " " + italic(o.value);
}

void add_options(page& to, const verb& v) {
  for (const auto& o : v.options) {
    if (!v.path.empty() && o.names.back() == "--help") continue;  // every verb has it, once is enough
    std::string text = escaped(sentence(o.description));
    if (o.required) text += " Required.";
    if (!o.fallback.empty()) text += fmt::format(" Default: {}.", literal(o.fallback));
    to.item(tag_of(o), text);
  }
}

std::string synopsis_of(const verb& v) {
  std::string out = bold(v.path);
  bool optional = false;
  for (const auto& o : v.options) {
    if (o.required) out += " " + tag_of(o);
    optional = optional || (!o.required && o.names.back() != "--help");
  }
  return optional ? out + " [" + italic("options") + "]" : out;
}

void add_verbs(page& to, const verb& v) {
  for (const auto& one : v.below) {
    if (one.below.empty()) {
      to.subheading(one.path).paragraph(synopsis_of(one)).paragraph(escaped(sentence(one.description)));
    } else {
      to.subheading(one.path).paragraph(escaped(sentence(one.description)));
    }
    if (const std::string footer = trimmed(one.footer); !footer.empty()) to.paragraph(escaped(footer));
    add_options(to, one);
    add_verbs(to, one);
  }
}

// The program's own text: "Exit codes: 0 done; 2 usage or configuration; ..."
void add_exit_status(page& to, const verb& program) {
  std::string text = trimmed(program.footer);
  std::replace(text.begin(), text.end(), '\n', ' ');
  constexpr std::string_view begin = "Exit codes: ";
  const auto at = text.find(begin);
  if (at == text.npos) throw std::runtime_error("the command line's footer no longer lists the exit codes");
  to.heading("EXIT STATUS");
  std::string_view left = std::string_view(text).substr(at + begin.size());
  while (!left.empty()) {
    const std::string one = trimmed(left.substr(0, left.find(';')));
    left.remove_prefix(std::min(left.size(), left.find(';') == left.npos ? left.size() : left.find(';') + 1));
    const auto space = one.find(' ');
    if (space == one.npos)
      throw std::runtime_error("an exit code in the command line's footer has no description: " + one);
    to.item(bold(one.substr(0, space)), escaped(sentence(one.substr(space + 1))));
  }
}

void add_signals(page& to) {
  to.heading("SIGNALS")
      .item("\\fBSIGTERM\\fR, \\fBSIGINT\\fR",
            "Finishes the current transaction and exits within 5 seconds. A second signal stops the program at once. "
            "Neither leaves anything half done.")
      .item(bold("SIGHUP"),
            "Makes the daemon reload its configuration and secrets. It logs what has changed. If the new ones are "
            "invalid, it logs why and keeps the old ones.");
}

void add_service(page& to) {
  to.heading("SERVICE")
      .paragraph(
          "The package contains the unit \\fBordersync.service\\fR, which starts only if there is a secret. To set it "
          "up, create the database, its owner and the two reader roles, fill in the configuration, put each account's "
          "access secret into a file with the account's name, and start the unit:")
      .example(
          "sudo -u postgres createuser ordersync\n"
          "sudo -u postgres createuser --no-login ordersync_reader\n"
          "sudo -u postgres createuser --no-login ordersync_pii_reader\n"
          "sudo -u postgres createdb --owner ordersync --encoding UTF8 --template template0 ordersync\n"
          "sudoedit /etc/ordersync/ordersync.yaml\n"
          "sudo install -m 600 access-secret-of-main /etc/ordersync/secrets/main\n"
          "sudo systemctl start ordersync\n"
          "systemctl status ordersync")
      .paragraph(
          "The daemon runs as its own user, \\fBordersync\\fR, which exists only while the daemon runs; PostgreSQL's "
          "peer authentication sees that name. \\fBsystemctl reload ordersync\\fR loads a new configuration, but "
          "systemd passes secrets only at start: after changing a secret, run \\fBsystemctl restart ordersync\\fR. An "
          "invalid configuration at start makes the unit fail; after any other failure systemd restarts the daemon "
          "after two seconds, without limit.")
      .paragraph(
          "Run the other verbs as root: they read the secrets, and while the service runs they speak to PostgreSQL as "
          "its "
          "user. While it does not run:")
      .example(
          "sudo systemd-run --quiet --pty --wait --collect -p DynamicUser=yes -p User=ordersync \\\n"
          "    -p LoadCredential=ordersync:/etc/ordersync/secrets ordersync status");
}

void add_files(page& to) {
  to.heading("FILES")
      .item(italic("/etc/ordersync/ordersync.yaml"),
            "The configuration, see \\fBordersync.yaml\\fR(5). Everybody may read it: it contains no secrets.")
      .item(italic("/etc/ordersync/secrets"),
            "Accessible only to root. The unit passes every file in it to the daemon as the credential "
            "\\fBordersync_\\fIFILE\\fR; the configuration refers to it as \\fIFILE\\fR.")
      .item(italic("/usr/share/ordersync/migrations"),
            "The SQL that creates the schema, for reading only; \\fBordersync\\fR has it built in.");
  to.heading("ENVIRONMENT")
      .item(bold("CREDENTIALS_DIRECTORY"),
            "The first directory searched for secrets without a path. systemd sets it for a unit with credentials; "
            "without "
            "it root searches \\fI/etc/ordersync/secrets\\fR.")
      .item("\\fBORDERSYNC_\\fISECTION\\fB__\\fIKEY\\fR",
            "A setting, over the file: \\fBsync.live.every\\fR is \\fBORDERSYNC_SYNC__LIVE__EVERY\\fR. See "
            "\\fBordersync.yaml\\fR(5).")
      .item("\\fBNOTIFY_SOCKET\\fR, \\fBWATCHDOG_USEC\\fR, \\fBWATCHDOG_PID\\fR",
            "How the daemon notifies the service manager that it is ready and alive, see \\fBsd_notify\\fR(3).");
}

}  // namespace

std::string command_page(const verb& program, const edition& which) {
  page out("ORDERSYNC", 1, which.date, which.version);
  out.heading("NAME").paragraph("ordersync \\- mirror of 1688 orders in PostgreSQL");
  out.heading("SYNOPSIS")
      .paragraph("\\fBordersync\\fR [\\fB\\-\\-config\\fR \\fIFILE\\fR] \\fIVERB\\fR [\\fIoptions\\fR]");
  out.heading("DESCRIPTION")
      .paragraph(escaped(program.description))
      .paragraph(
          "Data goes to standard output, messages and logs to standard error. Times are written "
          "\\fB2024\\-05\\-07\\fR, a day in the API's zone, or \\fB2024\\-05\\-07T09:52:00+08:00\\fR; ranges are "
          "half\\-open.");
  out.heading("OPTIONS");
  add_options(out, program);
  out.heading("VERBS");
  add_verbs(out, program);
  add_exit_status(out, program);
  add_signals(out);
  add_service(out);
  add_files(out);
  out.heading("SEE ALSO").paragraph("\\fBordersync.yaml\\fR(5), \\fBsystemctl\\fR(1), \\fBsystemd.exec\\fR(5)");
  return out.text();
}

}  // namespace packaging
