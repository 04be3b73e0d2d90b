#pragma once
// Brings contents from this node's disk to S3, whole or in parts, and back (files.md, section 3).
// It writes no rows: whoever calls it notes what it says. A content that was half sent when its
// sender died is gone on with behind the parts that S3 has.
//
// Throws what Disk and s3::Client throw.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/s3/client.hpp"
#include "core/files/storage/disk.hpp"
#include "core/files/storage/staged_file.hpp"
#include "core/files/store/storing_store.hpp"
#include "core/platform/config/config.hpp"

namespace devy::storing {

// A larger content is sent in parts, after whoever uploaded it was answered.
inline constexpr std::uint64_t whole_bytes_max = 8 * config::mebibyte;
// S3 allows 10 000 parts.
inline constexpr std::uint64_t parts_max = 9'000;

// How large the parts of such a content are: all but the last.
[[nodiscard]] std::uint64_t part_bytes_of(const config::FilesS3& settings, std::uint64_t size);

// Makes a client for one thread.
using MakeClient = std::function<std::unique_ptr<s3::Client>()>;

struct Sending {
  const config::FilesS3& settings;
  const MakeClient& make_client;
  const storage::Disk& disk;
  // Notes the id of an upload in parts, before its first part. False: it is not to be sent any
  // more. Called from the thread that sends.
  std::function<bool(const std::string& id)> note_multipart;
  // Throws once it is to stop. Any thread calls it.
  std::function<void()> check;
  // So many bytes more are in S3. Any thread calls it, one at a time.
  std::function<void(std::uint64_t bytes)> on_sent;
};

enum class Sent {
  done,
  lost,     // its bytes are neither here nor there
  unwanted  // note_multipart() said so
};
// Sends a staged content.
[[nodiscard]] Sent send_content(const Sending& sending, const files::Placed& content);

// Reads a content of S3, in pieces, and says whether its bytes are right.
[[nodiscard]] bool read_content(s3::Client& client, const config::FilesS3& settings,
                                const files::Placed& content,
                                const std::function<void(std::string_view)>& on_bytes);

}  // namespace devy::storing
