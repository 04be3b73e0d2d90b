#include "core/platform/pg/sqlstate_class.hpp"

#include <array>
#include <utility>

namespace devy::pg {
namespace {

// As sql_error.cpp names them. What has no SQLSTATE is a connection's trouble, class 08.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> classes{{
    {"commit_unknown", "08"},
    {"database_unavailable", "08"},
    {"database_standby", "25"},
    {"database_read_only", "25"},
    {"database_busy", "40"},
    {"database_full", "53"},
    {"database_overloaded", "53"},
    {"database_locked", "55"},
    {"database_timeout", "57"},
}};

}  // namespace

std::string_view sqlstate_class(std::string_view error_code) {
  for (const auto& [code, name] : classes)
    if (code == error_code) return name;
  return {};
}

}  // namespace devy::pg
