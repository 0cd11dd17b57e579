"""Where requests meet the rules of access: who calls, what the table says, how often they may."""
