#include "core/files/diagnosis.hpp"

#include <algorithm>

#include "core/files/receive/depot.hpp"
#include "core/files/store/storage_store.hpp"
#include "core/platform/base/error.hpp"

namespace devy::files {
namespace {

using base::Diagnosis;
using base::Health;

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes / config::mebibyte) + " MiB";
}

void examine_disk(pg::Connection& connection, const config::Files& settings,
                  std::vector<Diagnosis>& diagnoses) {
  const auto disk = receive::open_disk(connection, settings);
  const auto free = disk->free_bytes();
  if (free < settings.free_bytes_min)
    diagnoses.push_back({"files_space", Health::problem,
                         "the disk of files has " + mebibytes(free) + " left: uploads are refused",
                         "Delete files, give the disk more room, or lower files.free_bytes_min."});
  else
    diagnoses.push_back(
        {"files", Health::ok,
         "the storage of node '" + settings.node + "' has " + mebibytes(free) + " left", ""});
}

bool is_public(const std::string& address) {
  return !address.starts_with("unix:") && !address.starts_with("127.") &&
         !address.starts_with("[::1]");
}

}  // namespace

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<Diagnosis>& diagnoses) {
  const auto& settings = config.files;
  if (!settings.enabled) return;
  try {
    examine_disk(connection, settings, diagnoses);
  } catch (const base::Error& error) {
    if (base::is_passing(error.kind())) throw;
    diagnoses.push_back({"files", Health::problem, error.text(), error.hint()});
  }
  if (settings.github_tokens == "any" && std::ranges::any_of(config.web.addresses, is_public))
    diagnoses.push_back({"files_tokens", Health::warning,
                         "any application that a user trusts can upload in his name",
                         "Set files.github_tokens to \"own\", or listen on this machine alone."});
  for (const auto& [state, count] : count_contents(connection))
    if (state == "lost")
      diagnoses.push_back({"files_lost", Health::problem,
                           std::to_string(count) + " contents are lost",
                           "`devy-upload file verify --all --content` names them; uploading the "
                           "same bytes heals them."});
}

}  // namespace devy::files
