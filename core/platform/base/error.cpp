#include "core/platform/base/error.hpp"

#include <array>

namespace devy::base {
namespace {

struct Row {
  ErrorKind kind;
  std::string_view name;
  int exit_code;
  bool retryable;
  int http_status;
};

constexpr std::array<Row, 10> rows{{
    {ErrorKind::usage, "usage", 2, false, 400},
    {ErrorKind::config, "config", 2, false, 500},
    {ErrorKind::not_found, "not_found", 4, false, 404},
    {ErrorKind::conflict, "conflict", 5, false, 409},
    {ErrorKind::rejected, "rejected", 1, false, 422},
    {ErrorKind::denied, "denied", 6, false, 403},
    {ErrorKind::busy, "busy", 1, true, 429},
    {ErrorKind::unavailable, "unavailable", 1, true, 503},
    {ErrorKind::stopped, "stopped", 130, true, 503},
    {ErrorKind::internal, "internal", 1, true, 500},
}};

const Row& row(ErrorKind kind) {
  for (const auto& candidate : rows)
    if (candidate.kind == kind) return candidate;
  std::terminate();
}

}  // namespace

std::string_view to_string(ErrorKind kind) {
  return row(kind).name;
}

ErrorKind parse_kind(std::string_view name) {
  for (const auto& candidate : rows)
    if (candidate.name == name) return candidate.kind;
  return ErrorKind::internal;
}

Error::Error(ErrorKind kind, std::string text, std::string hint, std::string code)
    : kind_(kind),
      text_(std::move(text)),
      hint_(std::move(hint)),
      code_(code.empty() ? std::string(to_string(kind)) : std::move(code)) {}

int exit_code(const Error& error) {
  // Among the servers that can be unavailable, only the database has an exit code of its own.
  if (error.kind() == ErrorKind::unavailable && error.code().starts_with("database")) return 7;
  return row(error.kind()).exit_code;
}

bool is_retryable(ErrorKind kind) {
  return row(kind).retryable;
}

bool is_passing(ErrorKind kind) {
  return kind == ErrorKind::unavailable || kind == ErrorKind::busy;
}

int http_status(ErrorKind kind) {
  return row(kind).http_status;
}

}  // namespace devy::base
