#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/cluster_folder.hpp"
#include "tests/support/program.hpp"

// `db start` and `db stop` with the real program, as whoever runs the tests: root, as a rule.

namespace devy::testing {
namespace {

using Keys = std::vector<std::string>;
