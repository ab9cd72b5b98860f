#pragma once
// A command of the command line, and its options. Thin handles of CLI11's: its header takes 5 s to compile, and only
// command.cpp and command_line.cpp include it. What they write to must outlive the parsing.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): its name
class App;
class Option;
}  // namespace CLI

namespace ordersync::cli::shared {

class option {
 public:
  explicit option(CLI::Option& of) noexcept : of_(&of) {}
  option required() const;
  option type_name(const std::string& name) const;
  option excludes(option other) const;

 private:
  CLI::Option* of_;
};

class command {
 public:
  explicit command(CLI::App& of) noexcept : of_(&of) {}
  command add_subcommand(const std::string& name, const std::string& help) const;
  option add_flag(const std::string& name, bool& given, const std::string& help) const;
  option add_option(const std::string& name, std::string& text, const std::string& help) const;
  // One text or more.
  option add_options(const std::string& name, std::vector<std::string>& texts, const std::string& help) const;
  // An id: a whole number from 1 on. Help and manual name it ID.
  option add_id(const std::string& name, std::int64_t& id, const std::string& help) const;

  // May be given without a value, which then is "".
  option add_choice(const std::string& name, std::optional<std::string>& text, const std::string& help) const;

  // A whole number from 0 on.
  option add_number(const std::string& name, std::int64_t& number, const std::string& help) const;

  void footer(const std::string& text) const;
  void require_subcommand() const;  // exactly one
  void callback(std::function<void()> chosen) const;

 private:
  CLI::App* of_;
};

}  // namespace ordersync::cli::shared
