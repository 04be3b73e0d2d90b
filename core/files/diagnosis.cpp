#include "core/files/diagnosis.hpp"

#include <algorithm>

#include "core/files/receive/depot.hpp"
#include "core/files/s3/client.hpp"
#include "core/files/store/cleanup_store.hpp"
#include "core/files/store/storage_store.hpp"
#include "core/files/store/storing_store.hpp"
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

void examine_cleanup(pg::Connection& connection, const config::Files& settings,
                     std::vector<Diagnosis>& diagnoses) {
  if (settings.cleanup_every.count() == 0)
    diagnoses.push_back({"files_cleanup", Health::warning,
                         "what nobody has any more is never deleted",
                         "Set files.cleanup_every, or run `devy-upload file cleanup` yourself."});
  const auto state = cleanup_state(connection, settings.node);
  if (state == "held")
    diagnoses.push_back({"files_cleanup", Health::problem,
                         "the clean-up of files waits for a person: many bytes have no row",
                         "`devy-upload list --kind file_cleanup --state held` shows it; then "
                         "`approve` or `cancel` it."});
  else if (state == "failed")
    diagnoses.push_back({"files_cleanup", Health::problem, "the last clean-up of files failed",
                         "`devy-upload list --kind file_cleanup --state failed` says why."});
}

void examine_s3(pg::Connection& connection, const config::Files& settings,
                std::vector<Diagnosis>& diagnoses) {
  if (settings.s3.endpoint.empty()) return;
  if (const auto pause = s3_pause(connection))
    diagnoses.push_back({"files_s3", Health::problem, "nothing is sent to S3: " + pause->reason,
                         pause->hint + " It is tried again once a minute."});
  try {
    static_cast<void>(s3::make_quick_client(settings.s3)->has_any());
    diagnoses.push_back({"files_s3", Health::ok, "S3 at " + settings.s3.endpoint + " answers", ""});
  } catch (const base::Error& error) {
    diagnoses.push_back({"files_s3", Health::problem, error.text(), error.hint()});
  }
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
  examine_cleanup(connection, settings, diagnoses);
  examine_s3(connection, settings, diagnoses);
  for (const auto& [state, count] : count_contents(connection))
    if (state == "lost")
      diagnoses.push_back({"files_lost", Health::problem,
                           std::to_string(count) + " contents are lost",
                           "`devy-upload file verify --all --content` names them; uploading the "
                           "same bytes heals them."});
}

}  // namespace devy::files
