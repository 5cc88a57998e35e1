CREATE TABLE "instance" (
	"id" text PRIMARY KEY NOT NULL,
	"fence" bigint NOT NULL,
	"place" text NOT NULL,
	"held_since" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone NOT NULL
);
