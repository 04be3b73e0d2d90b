#include "daemon/web/files_api_s3.hpp"

#include <atomic>

#include "core/files/storing/object_name.hpp"
#include "core/files/storing/sending.hpp"
#include "core/platform/base/error.hpp"

namespace devy::daemon {
namespace {

// Contents that are read from S3 at the same time: each holds a thread and a session.
constexpr int fetches_max = 2;
std::atomic<int> fetches{0};

class Fetching {
 public:
  Fetching() {
    if (fetches.fetch_add(1) < fetches_max) return;
    --fetches;
    throw base::Error(base::ErrorKind::busy,
                      "unable to hand out the file: too many are being read from S3",
                      "Ask again in a moment.", "streams_max");
  }
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;
  ~Fetching() { --fetches; }
};

}  // namespace

bool is_in_s3(const files::File& file) {
  return file.content_storage == "s3" && file.content_state == "stored";
}

http::Response redirect_to_s3(const config::Files& settings, const std::string& method,
                              const files::File& file, const std::string& disposition) {
  const auto client = s3::make_client(settings.s3);
  const auto key = storing::key_of(settings.s3, *file.sha256, file.content_generation);
  http::Response response;
  response.status = 307;
  response.headers = {{"Location", client->address(key, {.method = method,
                                                         .media_type = file.media_type,
                                                         .disposition = disposition})},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"}};
  return response;
}

std::optional<base::Descriptor> fetch_from_s3(const config::Files& settings,
                                              const files::File& file, const storage::Disk& disk) {
  const Fetching fetching;
  if (disk.free_bytes() < settings.free_bytes_min + static_cast<std::uint64_t>(file.size))
    throw base::Error(base::ErrorKind::unavailable,
                      "unable to hand out the file: the disk is almost full", "Ask again later.",
                      "storage_full");
  auto scratch = disk.scratch();
  const auto client = s3::make_client(settings.s3);
  files::Placed placed;
  placed.sha256 = *file.sha256;
  placed.size = file.size;
  placed.generation = file.content_generation;
  const bool is_right =
      storing::read_content(*client, settings.s3, placed,
                            [&](std::string_view piece) { storage::write_bytes(scratch, piece); });
  if (!is_right) return std::nullopt;
  return scratch;
}

}  // namespace devy::daemon
