"""The middleware on a real server: the documented example, served and questioned over HTTP."""
