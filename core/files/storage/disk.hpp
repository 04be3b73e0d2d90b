#pragma once
// The disk on which a node keeps the bytes of files (files.md, section 3). Below its directory, of
// this program alone:
//
//   .devy-files             says which storage this is
//   staging/<uuid>          what is being received; locked by whoever receives it
//   objects/ab/cd/<sha256>  contents, which never change
//   quarantine/             what `file verify --repair` put aside
//
// Bytes are linked and unlinked only by whoever holds the lock of their row of `content`. Names
// are made here and never of anything that a stranger said; no symbolic link is followed.
//
// Any thread. Throws Error(internal, "storage_failed") for a disk that fails, (unavailable,
// "storage_full") for a full one.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::storage {

class StagedFile;

class Disk {
 public:
  // Makes the folders where they are missing, and notes the instance, which is a UUID. Throws
  // Error(conflict, "storage_foreign") where the directory is another storage already, or holds
  // anything else.
  static void prepare(const std::string& directory, const std::string& instance);

  // Lets a group read contents, and nothing else, by the folders' modes: objects/ 0750, and what is
  // linked later inherits the group. The directory must be prepared. Throws Error(config) where
  // this user may not give files to the group.
  static void share(const std::string& directory, gid_t group);

  // Throws Error(config, "storage_foreign") where the directory is not this storage: an unmounted
  // disk is an empty folder, and not an empty store.
  Disk(const std::string& directory, const std::string& instance);

  // Begins to receive.
  [[nodiscard]] StagedFile stage();
  // Goes on with a file of that name, which is a UUID, or makes it; it stays when the object goes.
  // Nothing when somebody else writes it.
  [[nodiscard]] std::optional<StagedFile> reopen(const std::string& name);
  enum class Linked { now, before, replaced };
  // Moves a staged file to its place, and has the folders written. A file there of the same size is
  // the same content, unless nothing there is to be trusted; any other is replaced.
  enum class Trust { by_size, none };
  Linked link(StagedFile& staged, const base::Sha256& sha256, Trust trust = Trust::by_size);
  // Nothing when it is not there.
  [[nodiscard]] std::optional<base::Descriptor> open(const base::Sha256& sha256) const;
  [[nodiscard]] std::uint64_t free_bytes() const;
  // An empty file without a name, which goes with its descriptor.
  [[nodiscard]] base::Descriptor scratch() const;

  // Deletes what nobody receives any more. Returns how many there were. `are_needed`: which of
  // these names go on later; it is asked once.
  using FindNeeded = std::function<std::vector<std::string>(const std::vector<std::string>& names)>;
  std::size_t sweep_staging(const FindNeeded& are_needed);
  // Deletes a file of that name, if it is there.
  void discard(const std::string& name) const;
  // Calls it for each content that is there, and for each file that is none, with an empty digest.
  struct Found {
    std::optional<base::Sha256> sha256;
    std::string place;  // below the directory
    std::uint64_t size = 0;
    std::chrono::system_clock::time_point written_at = {};
  };
  void list(const std::function<void(const Found&)>& on_found) const;
  // The names of what is being received, or was. Nobody can begin to receive while one is told.
  void list_staging(
      const std::function<void(const std::string& name, bool is_held)>& on_found) const;
  // Deletes what was received, if the last byte came before that. While list_staging() tells it.
  bool remove_staged(const std::string& name, std::chrono::system_clock::time_point before);
  // Puts aside what no row knows.
  void quarantine(const Found& found);
  // Deletes a content; one that is not there is no error. Under the lock of its row.
  void remove(const base::Sha256& sha256) const;

 private:
  Linked move_to(int folder, const std::string& name, StagedFile& staged, Trust trust) const;
  base::Descriptor root_, staging_, objects_;
};

// The size of an open file.
[[nodiscard]] std::uint64_t size_of(const base::Descriptor& file);
void write_bytes(const base::Descriptor& file, std::string_view bytes);
// Reads it all, in pieces.
void read_bytes(const base::Descriptor& file,
                const std::function<void(std::string_view)>& on_bytes);
// Reads it all and digests it.
[[nodiscard]] base::Sha256 digest_of(const base::Descriptor& file);

}  // namespace devy::storage
