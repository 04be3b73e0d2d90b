#include "core/publishing/plan/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/publishing/rendering/render_message.hpp"

namespace devy::plan {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_errno(const char* what) {
  throw Error(ErrorKind::internal,
              std::string("unable to ") + what + " rendered posts: " + strerror(errno),
              "Free space in the runtime directory (config key runtime_directory).",
              errno == ENOSPC ? "disk_full" : "internal");
}

int open_unnamed(const std::string& directory) {
  return open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

}  // namespace

Spool::Spool(const std::string& directory) {
  if (!directory.empty()) {
    file_ = open_unnamed(directory);
  } else {
    file_ = open_unnamed("/dev/shm");
    const char* temporary = std::getenv("TMPDIR");
    if (file_ < 0) file_ = open_unnamed(temporary == nullptr ? "/tmp" : temporary);
  }
  if (file_ < 0) throw_errno("store");
}

Spool::Spool(Spool&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      end_(other.end_),
      records_(std::move(other.records_)),
      frame_(std::move(other.frame_)) {}

Spool::~Spool() {
  if (file_ >= 0) close(file_);
}

void Spool::write_all(const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto written =
        pwrite(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(end_ + done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw_errno("store");
    done += static_cast<std::size_t>(written);
  }
  end_ += bytes.size();
}

std::size_t Spool::append(const post::Document& document) {
  rendering::encode(std::variant<post::Document, snapshot::FileError>(document), frame_);
  records_.push_back({end_, frame_.size(), document.markdown.size()});
  write_all(frame_);
  write_all(document.markdown);
  return records_.size() - 1;
}

post::Document Spool::read(std::size_t index) const {
  const auto& record = records_.at(index);
  std::string bytes(record.frame_bytes + record.markdown_bytes, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = pread(file_, bytes.data() + done, bytes.size() - done,
                           static_cast<off_t>(record.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw_errno("read back");
    done += static_cast<std::size_t>(got);
  }
  post::SourceFile source{"", bytes.substr(record.frame_bytes)};
  bytes.resize(record.frame_bytes);
  auto rendered = rendering::decode_result(bytes, std::move(source));
  return std::get<post::Document>(std::move(rendered.result));
}

}  // namespace devy::plan
