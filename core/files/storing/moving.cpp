#include "core/files/storing/moving.hpp"

#include "core/files/storage/staged_file.hpp"
#include "core/files/store/storage_store.hpp"
#include "core/files/storing/object_name.hpp"
#include "core/files/storing/sending.hpp"

namespace devy::storing {

Moved move_to_disk(pg::Connection& connection, storage::Disk& disk, s3::Client& client,
                   const config::Files& settings, const files::Placed& content,
                   const std::function<void(std::string_view)>& on_bytes) {
  auto staged = disk.stage();
  const bool is_right = read_content(client, settings.s3, content, [&](std::string_view piece) {
    staged.write(piece);
    on_bytes(piece);
  });
  staged.finish();
  {
    pg::Transaction transaction(connection);
    static_cast<void>(files::lock_content(connection, content.sha256));
    const auto now = files::find_placed(connection, content.sha256);
    if (!now || now->generation != content.generation || now->state != "stored" ||
        now->storage != "s3")
      return Moved::gone;
    if (!is_right) return Moved::lost;
    disk.link(staged, content.sha256, storage::Disk::Trust::none);
    if (!files::note_moved_to_disk(connection, content, settings.node)) return Moved::gone;
    transaction.commit();
  }
  // Nobody ever uses the key again. Where this does not come through, the clean-up finds it.
  client.remove(key_of(settings.s3, content.sha256, content.generation));
  return Moved::done;
}

}  // namespace devy::storing
