-- What a person uploaded is counted when he goes.
create index files_file_uploader on files_file (uploader);
