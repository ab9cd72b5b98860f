#pragma once
// The documents of the package that repeat what the program knows of itself: each is made from the tables that drive
// it.

#include "verbs.hpp"

#include <string>

namespace packaging {

struct edition {
  std::string date;  // "2024-05-07"
  std::string version;
};

std::string command_page(const verb& program, const edition& which);  // ordersync(1)
std::string configuration_page(const edition& which);                 // ordersync.yaml(5)
std::string bash_completion(const verb& program);
std::string zsh_completion(const verb& program);
std::string fish_completion(const verb& program);

}  // namespace packaging
