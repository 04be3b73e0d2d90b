#include "core/files/storing/sending.hpp"

#include <algorithm>

#include "core/files/storing/multipart.hpp"
#include "core/files/storing/object_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"

namespace devy::storing {

std::uint64_t part_bytes_of(const config::FilesS3& settings, std::uint64_t size) {
  return std::max(settings.part_bytes, (size + parts_max - 1) / parts_max);
}

Sent send_content(const Sending& sending, const files::Placed& content) {
  const auto key = key_of(sending.settings, content.sha256, content.generation);
  const auto size = static_cast<std::uint64_t>(content.size);
  const auto client = sending.make_client();
  auto bytes = sending.disk.open(content.sha256);
  // Whoever sent it was killed between the deletion here and the commit that says so.
  if (!bytes || storage::size_of(*bytes) != size) {
    const auto found = client->size_of(key);
    // Throws where the bucket is not there.
    if (!found) static_cast<void>(client->has_any());
    return found == size ? Sent::done : Sent::lost;
  }
  const http::FileRange whole{std::make_shared<const base::Descriptor>(*std::move(bytes)), 0, size};
  if (size > whole_bytes_max) return send_in_parts(sending, *client, content, key, whole);
  client->put(key, whole, content.sha256);
  if (sending.on_sent) sending.on_sent(size);
  return Sent::done;
}

bool read_content(s3::Client& client, const config::FilesS3& settings, const files::Placed& content,
                  const std::function<void(std::string_view)>& on_bytes) {
  const auto size = static_cast<std::uint64_t>(content.size);
  const auto key = key_of(settings, content.sha256, content.generation);
  base::Sha256Stream digest;
  std::exception_ptr failure;
  std::uint64_t read = 0;
  const auto take = [&](std::string_view piece) {
    try {
      read += piece.size();
      digest.add(piece);
      on_bytes(piece);
      return true;
    } catch (...) {
      failure = std::current_exception();
      return false;
    }
  };
  bool is_there = false;
  try {
    is_there = client.get(key, size, take);
  } catch (const base::Error& error) {
    if (failure) std::rethrow_exception(failure);
    if (error.code() == "response_too_large") return false;
    throw;
  }
  return is_there && read == size && digest.finish() == content.sha256;
}

}  // namespace devy::storing
