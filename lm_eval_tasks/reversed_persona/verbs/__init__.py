"""One file for each verb of the command line. Heavy parts are imported only by the verb that needs them, as it runs."""
