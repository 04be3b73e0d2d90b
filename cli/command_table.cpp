#include "cli/command_table.hpp"

#include <algorithm>

namespace devy::cli {

// In the order of the table. Each is defined in cli/commands/<verb>.cpp.
const Command& account_add_command();
const Command& account_list_command();
const Command& account_show_command();
const Command& account_set_command();
const Command& account_remove_command();
const Command& account_operator_command();
const Command& blog_connect_command();
const Command& blog_disconnect_command();
const Command& blog_set_command();
const Command& blog_remove_command();
const Command& blog_list_command();
const Command& blog_show_command();
const Command& trigger_command();
const Command& status_command();
const Command& top_command();
const Command& list_command();
const Command& inspect_command();
const Command& logs_command();
const Command& watch_command();
const Command& replay_command();
const Command& cancel_command();
const Command& approve_command();
const Command& diff_command();
const Command& check_command();
const Command& verify_command();
const Command& posts_command();
const Command& post_show_command();
const Command& post_history_command();
const Command& preview_command();
const Command& open_command();
const Command& poll_command();
const Command& reconcile_command();
const Command& delivery_list_command();
const Command& delivery_show_command();
const Command& delivery_replay_command();
const Command& delivery_send_command();
const Command& mirror_add_command();
const Command& mirror_load_command();
const Command& mirror_list_command();
const Command& mirror_status_command();
const Command& mirror_show_command();
const Command& mirror_scan_command();
const Command& mirror_verify_command();
const Command& mirror_hook_command();
const Command& mirror_changes_command();
const Command& mirror_remove_command();
const Command& file_init_command();
const Command& file_add_command();
const Command& file_list_command();
const Command& file_show_command();
const Command& file_get_command();
const Command& file_url_command();
const Command& file_persist_command();
const Command& file_verify_command();
const Command& file_delete_command();
const Command& file_restore_command();
const Command& file_cleanup_command();
const Command& file_move_command();
const Command& file_stats_command();
const Command& file_quota_command();
const Command& file_block_command();
const Command& file_unblock_command();
const Command& gist_user_command();
const Command& gist_scan_command();
const Command& gist_list_command();
const Command& gist_show_command();
const Command& gist_latest_command();
const Command& gist_routine_command();
const Command& gist_crm_command();
const Command& project_add_command();
const Command& project_list_command();
const Command& project_show_command();
const Command& project_edit_command();
const Command& project_delete_command();
const Command& project_connect_command();
const Command& project_disconnect_command();
const Command& project_sync_command();
const Command& project_verify_command();
const Command& project_approve_command();
const Command& project_member_command();
const Command& task_add_command();
const Command& task_list_command();
const Command& task_show_command();
const Command& task_edit_command();
const Command& task_close_command();
const Command& task_reopen_command();
const Command& task_delete_command();
const Command& task_sync_command();
const Command& task_restore_command();
const Command& comment_add_command();
const Command& comment_list_command();
const Command& comment_edit_command();
const Command& comment_delete_command();
const Command& installation_list_command();
const Command& installation_show_command();
const Command& web_link_command();
const Command& web_routes_command();
const Command& web_session_command();
const Command& audit_list_command();
const Command& token_deny_command();
const Command& token_allow_command();
const Command& token_list_command();
const Command& queue_stats_command();
const Command& queue_pause_command();
const Command& queue_resume_command();
const Command& worker_list_command();
const Command& db_start_command();
const Command& db_stop_command();
const Command& db_init_command();
const Command& db_migrate_command();
const Command& db_roles_command();
const Command& db_status_command();
const Command& config_show_command();
const Command& config_check_command();
const Command& config_key_command();
const Command& doctor_command();
const Command& prune_command();
const Command& completion_command();
const Command& explain_command();
const Command& version_command();

const CommandTable& all_commands() {
  // Formatted by hand: one command a line keeps its history readable.
  // clang-format off
  static const CommandTable table{
      &account_add_command(),
      &account_list_command(),
      &account_show_command(),
      &account_set_command(),
      &account_remove_command(),
      &account_operator_command(),
      &blog_connect_command(),
      &blog_disconnect_command(),
      &blog_set_command(),
      &blog_remove_command(),
      &blog_list_command(),
      &blog_show_command(),
      &trigger_command(),
      &status_command(),
      &top_command(),
      &list_command(),
      &inspect_command(),
      &logs_command(),
      &watch_command(),
      &replay_command(),
      &cancel_command(),
      &approve_command(),
      &diff_command(),
      &check_command(),
      &verify_command(),
      &posts_command(),
      &post_show_command(),
      &post_history_command(),
      &preview_command(),
      &open_command(),
      &poll_command(),
      &reconcile_command(),
      &delivery_list_command(),
      &delivery_show_command(),
      &delivery_replay_command(),
      &delivery_send_command(),
      &mirror_add_command(),
      &mirror_load_command(),
      &mirror_list_command(),
      &mirror_status_command(),
      &mirror_show_command(),
      &mirror_scan_command(),
      &mirror_verify_command(),
      &mirror_hook_command(),
      &mirror_changes_command(),
      &mirror_remove_command(),
      &file_init_command(),
      &file_add_command(),
      &file_list_command(),
      &file_show_command(),
      &file_get_command(),
      &file_url_command(),
      &file_persist_command(),
      &file_verify_command(),
      &file_delete_command(),
      &file_restore_command(),
      &file_cleanup_command(),
      &file_move_command(),
      &file_stats_command(),
      &file_quota_command(),
      &file_block_command(),
      &file_unblock_command(),
      &gist_user_command(),
      &gist_scan_command(),
      &gist_list_command(),
      &gist_show_command(),
      &gist_latest_command(),
      &gist_routine_command(),
      &gist_crm_command(),
      &project_add_command(),
      &project_list_command(),
      &project_show_command(),
      &project_edit_command(),
      &project_delete_command(),
      &project_connect_command(),
      &project_disconnect_command(),
      &project_sync_command(),
      &project_verify_command(),
      &project_approve_command(),
      &project_member_command(),
      &task_add_command(),
      &task_list_command(),
      &task_show_command(),
      &task_edit_command(),
      &task_close_command(),
      &task_reopen_command(),
      &task_delete_command(),
      &task_sync_command(),
      &task_restore_command(),
      &comment_add_command(),
      &comment_list_command(),
      &comment_edit_command(),
      &comment_delete_command(),
      &installation_list_command(),
      &installation_show_command(),
      &web_link_command(),
      &web_session_command(),
      &web_routes_command(),
      &audit_list_command(),
      &token_deny_command(),
      &token_allow_command(),
      &token_list_command(),
      &queue_stats_command(),
      &queue_pause_command(),
      &queue_resume_command(),
      &worker_list_command(),
      &db_start_command(),
      &db_stop_command(),
      &db_init_command(),
      &db_migrate_command(),
      &db_roles_command(),
      &db_status_command(),
      &config_show_command(),
      &config_check_command(),
      &config_key_command(),
      &doctor_command(),
      &prune_command(),
      &completion_command(),
      &explain_command(),
      &version_command(),
  };
  // clang-format on
  return table;
}

std::string_view first_word(const Command& command) {
  return std::string_view(command.name).substr(0, command.name.find(' '));
}

std::string_view second_word(const Command& command) {
  const auto space = command.name.find(' ');
  if (space == std::string::npos) return {};
  return std::string_view(command.name).substr(space + 1);
}

CommandTable commands_of_group(const CommandTable& table, std::string_view word) {
  CommandTable found;
  for (const auto* command : table) {
    const auto& aliases = command->aliases;
    if (first_word(*command) == word ||
        std::find(aliases.begin(), aliases.end(), word) != aliases.end())
      found.push_back(command);
  }
  return found;
}

}  // namespace devy::cli
